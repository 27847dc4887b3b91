-- Workspace > Scripts > DiffAVA Foley 2 - Place

local AUDIO, AUDIO_ONLY, STEREO = "audio", 2, "stereo"

-- A path as it compares: Resolve may write it with other slashes, Windows in other letters.
local function same(path)
  path = (path or ""):gsub("\\", "/")
  return path:match("^%a:/") and path:lower() or path
end

local function path_of(clip)
  return clip and same(clip:GetClipProperty("File Path"))
end

-- Which take lies where, as the command wrote it; nil and a sentence if it is not there.
local function read_sheet(cut, path)
  local chunk = loadfile(path .. "-foley.lua")
  if not chunk then
    return nil, "There are no sounds yet. Choose DiffAVA Foley 1 - Export, then type in a terminal:\n"
      .. command_for(path)
  end
  local read, sheet = pcall(setfenv(chunk, {}))
  if not read or type(sheet) ~= "table" or sheet.format ~= "diffava-foley cue sheet" then
    return nil, path .. "-foley.lua cannot be read; run the command again."
  end
  local rate = tonumber(tostring(cut.timeline:GetSetting("timelineFrameRate")):match("^[%d%.]+"))
  if not rate or math.abs(rate - sheet.rate[1] / sheet.rate[2]) > 0.005 then
    return nil, "The sounds were made for another frame rate; import " .. sheet.output
      .. " by File > Import > Timeline."
  end
  return sheet
end

-- Our tracks by name, as they are now.
local function our_tracks(cut)
  local found = {}
  for number = 1, cut.timeline:GetTrackCount(AUDIO) or 0 do
    local name = cut.timeline:GetTrackName(AUDIO, number) or ""
    if name == NAME or name:match("^" .. NAME .. " %d+$") then found[name] = number end
  end
  return found
end

-- What lies on a track now, without objects that answer nothing.
local function items(cut, number)
  local found = {}
  for _, item in ipairs(objects(cut.timeline:GetItemListInTrack(AUDIO, number))) do
    if item:GetStart() ~= nil then found[#found + 1] = item end
  end
  return found
end

-- Our sounds on our tracks; what anybody else put there is not among them.
local function on_the_timeline(cut)
  local found, folder = {}, same(FOLDER) .. "/"
  for name, number in pairs(our_tracks(cut)) do
    for _, item in ipairs(items(cut, number)) do
      local path = path_of(item:GetMediaPoolItem())
      if path and path:sub(1, #folder) == folder then
        found[#found + 1] = {
          item = item, track = name, path = path,
          start = item:GetStart() - cut.start, frames = item:GetDuration(),
        }
      end
    end
  end
  return found
end

-- Whether a sound on the timeline is what a cue asks for, in any of its takes.
local function is(old, cue)
  if old.track ~= cue.track or old.start ~= cue.start or old.frames ~= cue.frames then
    return false
  end
  for _, take in ipairs(cue.takes) do
    if old.path == same(take) then return true end
  end
  return false
end

local function find(list, wanted)
  for _, one in ipairs(list) do
    if wanted(one) then return one end
  end
end

local function bin(cut)
  local root = cut.pool:GetRootFolder()
  local function is_ours(folder) return folder:GetName() == NAME end
  return find(objects(root:GetSubFolderList()), is_ours) or cut.pool:AddSubFolder(root, NAME)
end

local function clips_in(folder)
  local found = {}
  for _, clip in ipairs(objects(folder:GetClipList())) do found[path_of(clip)] = clip end
  return found
end

-- The items of the media pool by path, read back from the bin.
local function import_takes(cut, cues)
  local folder = bin(cut)
  local there, wanted = clips_in(folder), {}
  for _, cue in ipairs(cues) do
    for _, take in ipairs(cue.takes) do
      if not there[same(take)] then wanted[#wanted + 1] = take end
    end
  end
  if #wanted > 0 then
    local before = cut.pool:GetCurrentFolder()
    cut.pool:SetCurrentFolder(folder) -- ImportMedia imports into the current one
    cut.pool:ImportMedia(wanted)
    if before then cut.pool:SetCurrentFolder(before) end
  end
  return clips_in(folder)
end

local function fault(cut, track, new, cue, from)
  local to = from + cue.frames
  for _, item in ipairs(new) do
    if item:GetStart() == from and item:GetEnd() == to then return nil end
  end
  if new[1] and new[1]:GetStart() ~= from then return "Resolve put it beside its picture" end
  if new[1] then
    return string.format("it is %d frames long instead of %d", new[1]:GetDuration(), cue.frames)
  end
  local function overlaps(item) return item:GetStart() < to and from < item:GetEnd() end
  local there = find(items(cut, track), overlaps)
  if there then return there:GetName() .. " lies in its place" end
  return "Resolve dropped it and gave no reason"
end

-- Which frames of a source fill a cue's place, and never more: Resolve rounds down.
local function source_frames(cue, rate, clip)
  local source = tonumber(tostring(clip:GetClipProperty("FPS")):match("^[%d%.]+"))
  if not source or source <= 0 then return nil end
  local per_source_frame = rate[1] / rate[2] / source
  local first = math.floor((cue.head or 0) / per_source_frame + 0.5)
  local length = math.ceil(cue.frames / per_source_frame - 1e-6)
  local filled = math.floor(length * per_source_frame + 1e-6)
  return { startFrame = first, endFrame = first + (filled <= cue.frames and length or length - 1) }
end

-- What to ask Resolve for: the whole file if it has the right length, then so many frames.
local function choices_for(cue, rate, clip)
  local some, has_handles = source_frames(cue, rate, clip), (cue.head or 0) + (cue.tail or 0) > 0
  if has_handles then return { some or {} } end
  return { {}, some }
end

-- Why a sound is not on the timeline as it should be; nil if it is.
local function put(cut, track, clip, cue, rate)
  local from, reason = cut.start + cue.start, nil
  local choices = choices_for(cue, rate, clip)
  for number, choice in ipairs(choices) do
    local before = {}
    for _, item in ipairs(items(cut, track)) do
      before[item:GetStart() .. " " .. item:GetEnd()] = true
    end
    choice.mediaPoolItem, choice.mediaType = clip, AUDIO_ONLY
    choice.trackIndex, choice.recordFrame = track, from
    cut.pool:AppendToTimeline({ choice })
    local new, starts = {}, false
    for _, item in ipairs(items(cut, track)) do
      if not before[item:GetStart() .. " " .. item:GetEnd()] then
        new[#new + 1], starts = item, starts or item:GetStart() == from
      end
    end
    reason = fault(cut, track, new, cue, from)
    if not reason or (number == #choices and starts) then return reason end
    if #new > 0 then cut.timeline:DeleteClips(new, false) end
  end
  return reason
end

local function add_missing(cut, names)
  for _, name in ipairs(names) do
    if not our_tracks(cut)[name] then
      local before = cut.timeline:GetTrackCount(AUDIO) or 0
      cut.timeline:AddTrack(AUDIO, STEREO)
      if cut.timeline:GetTrackCount(AUDIO) ~= before + 1
        or not cut.timeline:SetTrackName(AUDIO, before + 1, name) then
        error("Resolve would not add the audio track " .. name .. ".", 0)
      end
    end
  end
  return our_tracks(cut)
end

local function check_unlocked(cut)
  for name, number in pairs(our_tracks(cut)) do
    if cut.timeline:GetIsTrackLocked(AUDIO, number) then
      error("The track " .. name .. " is locked; unlock it and choose this again. Nothing was"
        .. " changed.", 0)
    end
  end
end

-- Removes our sounds that no cue asks for; those that stay, and how many went.
local function clear(cut, cues)
  local kept, old = {}, {}
  for _, sound in ipairs(on_the_timeline(cut)) do
    if find(cues, function(cue) return is(sound, cue) end) then
      kept[#kept + 1] = sound
    else
      old[#old + 1] = sound.item
    end
  end
  if #old > 0 then cut.timeline:DeleteClips(old, false) end
  return kept, #old
end

local function place(cut, sheet)
  check_unlocked(cut)
  local clips, lines, importable = import_takes(cut, sheet.cues), {}, 0
  for _, cue in ipairs(sheet.cues) do
    if clips[same(cue.takes[1])] then importable = importable + 1 end
  end
  if importable == 0 then
    error("Resolve imported none of the sounds. File > Import > Timeline brings them: "
      .. sheet.output, 0)
  end
  local kept, removed = clear(cut, sheet.cues)
  local numbers, placed = add_missing(cut, sheet.tracks), 0
  for _, cue in ipairs(sheet.cues) do
    if not find(kept, function(sound) return is(sound, cue) end) then
      local clip, reason = clips[same(cue.takes[1])], "Resolve did not import it"
      if clip then reason = put(cut, numbers[cue.track], clip, cue, sheet.rate) end
      if reason then
        lines[#lines + 1] = "Not as it should be: " .. cue.caption .. ": " .. reason .. "."
      else
        placed = placed + 1
      end
    end
  end
  table.insert(lines, 1, string.format(
    "%d sounds placed, %d were there already, %d old ones removed.", placed, #kept, removed))
  if #lines > 1 then
    lines[#lines + 1] = "File > Import > Timeline brings all of it: " .. sheet.output
  end
  return table.concat(lines, "\n"), #lines == 1
end

start(function(cut)
  local sheet, problem = read_sheet(cut, stem(cut))
  if not sheet then return problem, false end
  return place(cut, sheet)
end)
