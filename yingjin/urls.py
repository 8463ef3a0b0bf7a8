from django.urls import include, path

urlpatterns = [path("", include("yingjin.console.urls"))]
