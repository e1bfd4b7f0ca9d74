"""What the rules ask of the settings: which parts there are and what each depends on."""

NEWTON = SETTINGS.newton
NEWTON_CONDITIONS = NEWTON.conditions(SETTINGS.seed)
# With `source: reference` the tables are read where they are kept, and no rule below has to make them.
NEWTON_TABLES = (
    "results/reference/newton" if SETTINGS.source == "reference" else "results/newton"
)


def newton_parts(kind):
    """Every part of one table: condition by condition, method by method, block by block."""
    return [
        f"results/newton/parts/{name}/{method}.{block}.{kind}.parquet"
        for name, condition in NEWTON_CONDITIONS.items()
        # A sweep's runs take a second or two per method, less than starting a job: one job runs them all.
        for method in (condition.methods if condition.family == "main" else ["all"])
        for block in range(-(-condition.starts // NEWTON.block))
    ]


def newton_settings(wildcards):
    """What one job's rows depend on; the methods are its own alone, so that a new one leaves the others' jobs as they are."""
    condition = NEWTON_CONDITIONS[wildcards.condition]
    settings = condition.model_dump(mode="json")
    if wildcards.method != "all":
        settings["methods"] = [wildcards.method]
    return settings
