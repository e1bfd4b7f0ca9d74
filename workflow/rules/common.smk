"""What the rules ask of the settings: which parts there are and what each depends on."""

from pathlib import Path

from stationary.config.newton import batches
from stationary.report.contents import Experiment

# With `source: reference` the tables are read where they are kept, and no rule has to make them.
TABLES = "results/reference" if SETTINGS.source == "reference" else "results"
NEWTON = SETTINGS.newton
NEWTON_BATCHES = batches(NEWTON.conditions(SETTINGS.seed).values())


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
    """Every part of one table: batch of conditions and group of methods by another, block by block of starts."""
    return [
        f"results/newton/parts/{batch}/{group}.{block}.{kind}.parquet"
        for (batch, group), conditions in NEWTON_BATCHES.items()
        for block in range(-(-conditions[0].starts // NEWTON.block))
    ]


def newton_settings(wildcards):
    """What one job's rows depend on; the methods are its own alone, so that a new one leaves other groups' jobs as they are."""
    return [
        condition.model_dump(mode="json")
        for condition in NEWTON_BATCHES[wildcards.batch, wildcards.group]
    ]


MINIMA = SETTINGS.minima
MINIMA_CONDITIONS = MINIMA.conditions(SETTINGS.seed)
MINIMA_ANNEALING = MINIMA.annealing_conditions(SETTINGS.seed)
MINIMA_TEACHERS = MINIMA.teacher_conditions(SETTINGS.seed)
# A local dataset is an input like any other: another file under its name trains anew.
MINIMA_DATA = [MINIMA.path] if MINIMA.path else []


def minima_condition(wildcards):
    """What one ensemble's rows depend on."""
    return MINIMA_CONDITIONS[wildcards.condition].model_dump(mode="json")


def groups_per_block(condition):
    """Order groups that one job trains, at least one."""
    return max(1, MINIMA.block // condition.group)


def minima_blocks(condition, kind):
    """Every block of one ensemble."""
    groups = -(-condition.networks // condition.group)
    return [
        f"results/minima/parts/{condition.name}/{block}.{kind}.parquet"
        for block in range(-(-groups // groups_per_block(condition)))
    ]


def minima_parts(kind):
    """Every part of one table that training leaves."""
    return [
        part
        for condition in MINIMA_CONDITIONS.values()
        for part in minima_blocks(condition, kind)
    ]


def minima_points(wildcards):
    """The end points of one ensemble that are kept."""
    return minima_blocks(MINIMA_CONDITIONS[wildcards.condition], "points")


def minima_curvature(kind):
    """Conditions whose end points go on to ``spectra`` or to ``polished``."""
    return [
        f"results/minima/parts/{condition.name}/{kind}.parquet"
        for condition in MINIMA_CONDITIONS.values()
        if condition.kept_points
        and (condition.setting == "tanh_l2") == (kind == "polished")
    ]


SPIN_GLASS = SETTINGS.spin_glass


def descent_parts(wildcards):
    """Every part of the table: size by size, group of draws by group of draws."""
    return [
        f"results/spin_glass/parts/descents/{size}.{group}.parquet"
        for size in SPIN_GLASS.descents.sizes
        for group in range(len(SPIN_GLASS.descents.blocks(size)))
    ]


def descent_draws(wildcards):
    """The draws of one job."""
    return list(SPIN_GLASS.descents.blocks(int(wildcards.size))[int(wildcards.group)])


def descent_settings(wildcards):
    """What one job's rows depend on; the lists of sizes and draws leave the jobs that are there as they are."""
    return SPIN_GLASS.descents.model_dump(mode="json", exclude={"sizes", "draws"})


CRITICAL_POINTS = SETTINGS.spin_glass.exhaustive
# Every job of the search: p by p, size by size, block of draws by block.
CRITICAL_POINTS_DRAWS = {
    f"p{p}-n{size}.{block}": [draws.start, draws.stop]
    for p, size in CRITICAL_POINTS.cells()
    for block, draws in enumerate(CRITICAL_POINTS.blocks(p, size))
}


SADDLES = SETTINGS.saddles
SADDLE_PROBLEMS = SADDLES.problems(SETTINGS.seed)
SADDLE_DATA = [SADDLES.path] if SADDLES.path else []


def saddle_problem(wildcards):
    """What one problem's rows depend on."""
    return SADDLE_PROBLEMS[wildcards.problem].model_dump(mode="json")


def saddle_finder_settings(wildcards):
    """How long one finder searches and how often it is measured; which problems there are leaves its jobs as they are."""
    kind = SADDLE_PROBLEMS[wildcards.problem].kind
    return SADDLES.search(wildcards.finder, kind).model_dump(mode="json")


def saddle_parts(table):
    """Every part of one table: problem by problem, finder by finder, block of starts by block."""
    return [
        f"results/saddles/parts/{name}/{finder}.{block}.{table}.parquet"
        for name, problem in SADDLE_PROBLEMS.items()
        for finder in SADDLES.finders
        for block in range(-(-problem.starts // SADDLES.block))
    ]


SADDLE_OPTIMISERS = SADDLES.optimiser_problems(SETTINGS.seed)


def optimiser_problem(wildcards):
    """What the rows of one hidden size depend on, the number of epochs aside."""
    return SADDLE_OPTIMISERS[int(wildcards.hidden)].model_dump(mode="json")


OPTIMIZERS = SETTINGS.optimizers
# Fits are those of the Newton experiment; only the methods that it leaves out run anew.
OPTIMIZER_FITS = [
    condition.model_copy(update={"methods": ()}).model_dump(mode="json")
    for condition in NEWTON.conditions(SETTINGS.seed).values()
    if condition.family == "main" and condition.problem == "regression"
]


def page_inputs(suffix):
    """Files of one kind that the experiments leave."""
    return [
        path
        for experiment in CATEGORIES
        for path in getattr(rules, experiment).input
        if path.endswith(suffix)
    ]


def page_chapter(experiment):
    """What the page cannot read from tables: an experiment's title, settings and captions."""
    captions = Path(workflow.current_basedir, "../report")
    return Experiment(
        experiment,
        CATEGORIES[experiment],
        config[experiment],
        {
            figure: (captions / f"{figure}.rst").read_text(encoding="utf-8")
            for figure in FIGURES[experiment]
        },
    )
