from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "yingjin.jobs"
    label = "jobs"
