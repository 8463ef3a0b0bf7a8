"""Every reading that pages may ask for. Each takes the reader first and returns only what that reader may see."""

from yingjin.insight.queries.shapes import *  # noqa: F403
