from django.apps import AppConfig


class FusionConfig(AppConfig):
    name = "yingjin.fusion"
    label = "fusion"
