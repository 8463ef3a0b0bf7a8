"""What a list shows of the filters somebody keeps of it."""

from typing import Any
from urllib.parse import urlencode

from django import template

from yingjin.insight import queries
from yingjin.insight.keeping import kept_part

register = template.Library()


@register.inclusion_tag("console/parts/saved.html", takes_context=True)
def saved(context: template.Context, page: str) -> dict[str, Any]:
    """Show the filters kept of a list, and the way to keep the present one."""
    request = context["request"]
    present = kept_part(request.GET.urlencode()[:500])
    return {
        "kept_filters": queries.saved_filters(request.user, page),
        "keep_query": urlencode({"page": page, "query": present}),
        "present": present,
    }
