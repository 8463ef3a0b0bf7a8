from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "yingjin.gaps"
    label = "gaps"
