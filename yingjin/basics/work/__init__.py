"""Work behind the page: jobs as rows of the same database, done by `yingjin work` (D12).

`ask` puts a job into the queue inside the asking transaction; `jobs_of`, `job_of` and `ahead_of` say how far it is.
`stop_job` takes back what waits and stops what runs at its next safe point.
The worker's side (`doing`) is called by the worker alone.
"""

from yingjin.basics.work.asking import COUNTY, DESK, LANES, ask, cancel
from yingjin.basics.work.looking import (
    ahead_of,
    job_of,
    jobs_about,
    jobs_of,
    open_jobs,
    seconds_left,
    something_open,
)
from yingjin.basics.work.results import keep_result, result_of
from yingjin.basics.work.rows import DONE, ENDED, REFUSED, RUNNING, STOPPED, WAITING, Job
from yingjin.basics.work.stopping import Cancelled, stoppable, wish_of
from yingjin.basics.work.stopping import stop as stop_job

__all__ = [
    "COUNTY", "DESK", "DONE", "ENDED", "LANES", "REFUSED", "RUNNING", "STOPPED", "WAITING", "Job", "ahead_of", "ask",
    "cancel", "job_of", "jobs_about", "jobs_of", "keep_result", "open_jobs", "result_of", "seconds_left",
    "Cancelled", "something_open", "stop_job", "stoppable", "wish_of",
]  # fmt: skip
