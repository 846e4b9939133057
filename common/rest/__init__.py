"""Pieces of the API. Apps import them from `common.api`; settings name them here, where no view is imported."""
