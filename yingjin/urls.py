from django.urls import include, path

from yingjin.api.root import urls as api_urls

urlpatterns = [path("api/v1/", api_urls()), path("", include("yingjin.console.urls"))]

handler400 = "yingjin.console.pages.refusals.bad_request"
handler403 = "yingjin.console.pages.refusals.forbidden"
handler404 = "yingjin.console.pages.refusals.not_found"
handler500 = "yingjin.console.pages.refusals.broken"
