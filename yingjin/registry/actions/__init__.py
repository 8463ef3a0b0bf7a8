"""Every change to regions, people, households, facilities and users."""

from yingjin.registry.actions.regions import RegionsLoaded, load_regions

__all__ = ["RegionsLoaded", "load_regions"]
