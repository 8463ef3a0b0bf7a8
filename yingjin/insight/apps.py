from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "yingjin.insight"
    label = "insight"
