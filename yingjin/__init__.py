"""yingjin (应尽): everyone who is due something receives it, and every number can be opened."""

__version__ = "0.1.0"
