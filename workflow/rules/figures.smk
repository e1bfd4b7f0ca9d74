"""One rule per figure: each has a caption and a digest of its own, so that editing one redraws one."""

# Experiment -> module in stationary.figures -> the tables that it reads, by the name under which it reads them.
FIGURES = {
    "newton": {
        "newton_final_losses": {"runs": "newton/runs"},
        "newton_end_points": {"runs": "newton/runs"},
        "newton_trajectories": {
            "runs": "newton/runs",
            "trajectories": "newton/trajectories",
        },
        "newton_mechanism": {
            "runs": "newton/runs",
            "trajectories": "newton/trajectories",
        },
        "newton_robustness": {"runs": "newton/runs"},
        "newton_spectra": {"runs": "newton/runs"},
        "newton_pinn": {"runs": "newton/runs", "trajectories": "newton/trajectories"},
    },
}
CATEGORIES = {"newton": "Exact Newton"}

for EXPERIMENT, MODULES in FIGURES.items():
    for FIGURE, SOURCES in MODULES.items():

        rule:
            name:
                FIGURE
            input:
                **{name: f"{TABLES}/{path}.parquet" for name, path in SOURCES.items()},
            output:
                pdf=f"results/figures/{FIGURE}.pdf",
                png=report(
                    f"results/figures/{FIGURE}.png",
                    caption=f"../report/{FIGURE}.rst",
                    category=CATEGORIES[EXPERIMENT],
                    labels={"figure": FIGURE.replace("_", " ")},
                ),
            log:
                f"results/logs/figures/{FIGURE}.log",
            benchmark:
                f"results/benchmarks/figures/{FIGURE}.tsv"
            conda:
                "../../environment.yml"
            threads: 1
            resources:
                mem_mb=1000,
                runtime=10,
            params:
                code=digest_of(
                    f"stationary.figures.{FIGURE}", "stationary.figures.style"
                ),
                module=f"stationary.figures.{FIGURE}",
            script:
                "../scripts/figure.py"
