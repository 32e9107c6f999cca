"""The history of the database's shape. Each step runs beside the version of Sunline before it."""
