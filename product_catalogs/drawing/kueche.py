"""The pictures of the kitchen shop: cast iron, steel, wood, enamel and glass in cool morning light."""

from __future__ import annotations

import skia
from labels import ink, write
from studio import Shot, World

WORLD = World("kueche", wall=(229, 235, 241), ground=(206, 214, 222), mirror=0.34)
PAN = Shot("gusseisenpfanne", eye=(0.0, 4.3, -6.0), target=(0.06, 0.12, 0.0), zoom=2.12)
KNIFE = Shot("kochmesser", eye=(0.0, 5.6, -4.6), target=(0.1, 0.0, 0.0), zoom=2.45)
BOARD = Shot("schneidebrett", eye=(0.0, 4.4, -5.8), target=(0.0, 0.05, 0.0), zoom=2.08)


def _scale_label(canvas: skia.Canvas) -> None:
    canvas.drawRoundRect(skia.Rect.MakeWH(1024, 300), 30, 30, ink("#10171a"))
    canvas.drawRoundRect(skia.Rect.MakeLTRB(250, 40, 774, 260), 20, 20, ink("#b9d3c4"))
    write(canvas, "0", 670, 218, 190, ink("#16231d"), "SemiBold", 0.02, 1.0)
    write(canvas, "g", 728, 218, 80, ink("#16231d"), "SemiBold")
    for x, name in ((125, "TARA"), (899, "g / ml")):
        canvas.drawCircle(x, 150, 76, ink("#26323a"))
        write(canvas, name, x, 164, 42, ink("#dfe8ee"), "Bold", 0.04)
    write(canvas, "HERD & HOBEL", 512, 400, 62, ink("#5b6770"), "Bold", 0.2)


SCALE = Shot("kuechenwaage", eye=(0.0, 4.5, -5.9), target=(0.0, 0.06, 0.0), zoom=2.45, label=_scale_label)
PRESS = Shot("french-press", eye=(0.0, 2.3, -7.2), target=(0.17, 0.98, 0.0), zoom=2.72)
POT = Shot("schmortopf", eye=(0.0, 2.9, -7.0), target=(0.0, 0.55, 0.0), zoom=2.5)
MILL = Shot("pfeffermuehle", eye=(0.0, 2.2, -7.2), target=(0.0, 0.97, 0.0), zoom=2.75)
JARS = Shot("vorratsglaeser", eye=(0.0, 2.4, -7.1), target=(-0.04, 0.74, 0.0), zoom=2.5)

SHOTS = (PAN, KNIFE, BOARD, SCALE, PRESS, POT, MILL, JARS)
