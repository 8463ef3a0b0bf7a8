import os

# The web server sees nothing of PostgreSQL's rows until a reader is known. Where it was forked from a command, which
# sees everything, Django's settings are read already.
os.environ["YINGJIN_SEES"] = ""
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingjin.settings")

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

database = settings.DATABASES["default"]
database.get("OPTIONS", {}).pop("options", None)
if database["ENGINE"].endswith("postgresql"):
    # The same small queries come again on every page: PostgreSQL keeps its plans of those that came so often.
    database["OPTIONS"]["prepare_threshold"] = 3
application = get_wsgi_application()
