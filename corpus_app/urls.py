"""Pages of the corpus."""

urlpatterns = []
