"""Charts drawn by the server: plain data in, coordinates out, templates draw; each has a text twin.

A view builds one of these and the template says `{% chart figure %}`. Colours and strokes are
classes, positions are attributes, so that no inline style is needed.
"""

from .curve import Band, Curve, CurvePoint
from .gantt import Gantt, GanttRow
from .stages import Stage, StageTimeline
from .tiles import Tile, TileGrid
