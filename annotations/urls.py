"""Pages of the workbench."""

urlpatterns = []
