from django.urls import include, path

urlpatterns = [path("", include("yingjin.console.urls"))]

handler400 = "yingjin.console.pages.refusals.bad_request"
handler403 = "yingjin.console.pages.refusals.forbidden"
handler404 = "yingjin.console.pages.refusals.not_found"
handler500 = "yingjin.console.pages.refusals.broken"
