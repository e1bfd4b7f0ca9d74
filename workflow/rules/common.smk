"""What the rules ask of the settings: which parts there are and what each depends on."""

# With `source: reference` the tables are read where they are kept, and no rule has to make them.
TABLES = "results/reference" if SETTINGS.source == "reference" else "results"
NEWTON = SETTINGS.newton
NEWTON_CONDITIONS = NEWTON.conditions(SETTINGS.seed)


def tables_of(experiment, names):
    """Paths of an experiment's tables."""
    return [f"{TABLES}/{experiment}/{name}.parquet" for name in names]


def figures_of(experiment):
    """Both files of every figure of an experiment."""
    return [
        f"results/figures/{figure}.{kind}"
        for figure in FIGURES[experiment]
        for kind in ("pdf", "png")
    ]


def newton_parts(kind):
    """Every part of one table: condition by condition, group of methods by group, block by block."""
    return [
        f"results/newton/parts/{name}/{group}.{block}.{kind}.parquet"
        for name, condition in NEWTON_CONDITIONS.items()
        for group in condition.job_groups()
        for block in range(-(-condition.starts // NEWTON.block))
    ]


def newton_settings(wildcards):
    """What one job's rows depend on; the methods are its own alone, so that a new one leaves other groups' jobs as they are."""
    condition = NEWTON_CONDITIONS[wildcards.condition]
    return condition.of_group(wildcards.group).model_dump(mode="json")
