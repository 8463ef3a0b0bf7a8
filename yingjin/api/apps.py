from django.apps import AppConfig


class Api(AppConfig):
    name = "yingjin.api"
    label = "api"
