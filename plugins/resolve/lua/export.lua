-- Workspace > Scripts > DiffAVA Foley 1 - Export

start(function(cut)
  cut.timeline:DeleteMarkerByCustomData(REPORT)
  local path = stem(cut)
  if not cut.app.EXPORT_OTIO then
    return "This Resolve cannot export OpenTimelineIO; version 18.5 or newer can.", false
  end
  local exported = cut.timeline:Export(path .. ".otio", cut.app.EXPORT_OTIO, cut.app.EXPORT_NONE)
  if not exported or (bmd and bmd.fileexists and not bmd.fileexists(path .. ".otio")) then
    return "Resolve did not export the timeline to " .. path .. ".otio; run `diffava-foley plugin"
      .. " install resolve` again, with --folder if that folder cannot be written to.", false
  end
  return "Now type this in a terminal, and then choose DiffAVA Foley 2 - Place:\n"
    .. command_for(path), true
end)
