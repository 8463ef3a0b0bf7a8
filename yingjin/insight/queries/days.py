"""The days whose dues were found, for the stages that find them."""

from datetime import date

from yingjin.gaps.models import Finding


def latest_found_day() -> date | None:
    """Return the day the gaps stand by, None before any was found."""
    day: date | None = Finding.objects.order_by("-on").values_list("on", flat=True).first()
    return day
