from django.apps import AppConfig


class BasicsConfig(AppConfig):
    name = "yingjin.basics"
    label = "basics"
