"""What the worker does for exports: write the file that was asked for, delete files whose days are over."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from yingjin.basics.work import Job
from yingjin.basics.work.doing import Report
from yingjin.insight import exports


def write(job: Job, report: Report) -> Mapping[str, Any]:
    """Write the file of an export."""
    return exports.write(job, report, at=timezone.now())


def delete_old(job: Job, report: Report) -> Mapping[str, Any]:
    """Delete the files of exports after their days."""
    return {"files": exports.delete_old(at=timezone.now())}
