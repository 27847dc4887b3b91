-- Written by `diffava-foley plugin install resolve`, which fills in the paths and joins the parts.
--
-- For the editions in which DaVinci Resolve runs no Python. There Lua has no io, no os.execute, no
-- require, no print and no windows: the report is a marker, and the sheet of takes is a Lua chunk.

local COMMAND, FOLDER = "@COMMAND@", "@FOLDER@"
local NAME, REPORT = "DiffAVA Foley", "diffava-foley.report"
local PLACES = 100 -- frames tried for the report: one frame holds one marker

-- The objects in one of Resolve's lists, which count from 1 and may carry other keys.
local function objects(list)
  local found = {}
  for n = 1, list and #list or 0 do
    if list[n] ~= nil then found[#found + 1] = list[n] end
  end
  return found
end

-- The open timeline and what belongs to it; nil and a sentence if there is none.
local function open_cut()
  local app = resolve or (Resolve and Resolve())
  if not app then return nil, "DaVinci Resolve does not answer." end
  local project = app:GetProjectManager():GetCurrentProject()
  local timeline = project and project:GetCurrentTimeline()
  if not timeline then return nil, "No timeline is open; open the one that should get foley." end
  return {
    app = app, project = project, pool = project:GetMediaPool(), timeline = timeline,
    name = timeline:GetName() or "", start = timeline:GetStartFrame(),
  }
end

-- The path of the cut's files without an ending: the same for the same timeline, in plain letters.
local function stem(cut)
  local name = cut.name:gsub("[^A-Za-z0-9]+", "-"):gsub("^%-+", ""):gsub("%-+$", ""):sub(1, 40)
  local mark = (cut.timeline:GetUniqueId() or ""):gsub("[^A-Za-z0-9]", ""):sub(1, 8)
  if name ~= "" and mark ~= "" then name = name .. "-" end
  return FOLDER .. "/" .. name .. mark
end

local function exists(path)
  if bmd and bmd.fileexists then return bmd.fileexists(path) end
  return loadfile(path) ~= nil
end

-- What the user types in a terminal.
local function command_for(path)
  return string.format(
    '"%s" batch "%s.otio" --overwrite --track-name "%s" --cue-sheet "%s-foley.lua"',
    COMMAND, path, NAME, path)
end

-- Leaves a text as a marker at the first free frame; its name says that it is no caption.
local function report(cut, text, is_good)
  cut.timeline:DeleteMarkerByCustomData(REPORT)
  local colour = is_good and "Green" or "Red"
  for frame = 0, PLACES - 1 do
    if cut.timeline:AddMarker(frame, colour, NAME, text, 1, REPORT) then return end
  end
end

-- Runs an action with the open cut; whatever goes wrong is told.
local function start(action)
  local cut, problem = open_cut()
  if not cut then error(NAME .. ": " .. problem, 0) end -- Resolve writes it in its own log
  local went_well, text, is_good = pcall(action, cut)
  if not went_well then text, is_good = tostring(text), false end
  report(cut, text, is_good)
  if print then print(NAME .. ": " .. text) end
end
