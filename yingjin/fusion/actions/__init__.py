"""
Every change to the landed rows and to who is linked to whom.

* land             a folder of register files
* finish_landing   the summary of a main job that has ended well
* link             the registers' people into persons
"""

from yingjin.fusion.actions.land import finish_landing, land
from yingjin.fusion.actions.link import LinkTally, link
from yingjin.fusion.actions.register_persons import refresh_register_persons
from yingjin.fusion.actions.tally import KindTally, LandTally, PartTally

__all__ = [
    "KindTally",
    "LandTally",
    "LinkTally",
    "PartTally",
    "finish_landing",
    "land",
    "link",
    "refresh_register_persons",
]
