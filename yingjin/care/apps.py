from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "yingjin.care"
    label = "care"
