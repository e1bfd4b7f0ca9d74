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
    "minima": {
        "minima_scaled_losses": {
            "runs": "minima/runs",
            "descents": "spin_glass/descents",
        },
        "minima_test_loss": {"runs": "minima/runs"},
        "minima_variance": {"runs": "minima/runs"},
        "minima_correlation": {"runs": "minima/runs"},
        "minima_index": {"spectra": "minima/spectra", "polished": "minima/polished"},
        "minima_annealing": {"annealing": "minima/annealing"},
        "minima_bad": {"runs": "minima/runs"},
    },
    "spin_glass": {
        "spin_glass_energies": {"descents": "spin_glass/descents"},
        "spin_glass_spectrum": {"descents": "spin_glass/descents"},
        "spin_glass_complexity": {"complexity": "spin_glass/complexity"},
        "spin_glass_counts": {
            "critical_points": "spin_glass/critical_points",
            "search": "spin_glass/search",
            "complexity": "spin_glass/complexity",
        },
    },
    "saddles": {
        "saddles_index_loss": {"runs": "saddles/runs", "analytic": "saddles/analytic"},
        "saddles_linear_autoencoder": {
            "runs": "saddles/runs",
            "analytic": "saddles/analytic",
        },
        "saddles_index_cut": {"runs": "saddles/runs"},
        "saddles_eigenvalues": {"runs": "saddles/runs"},
        "saddles_gradients": {
            "runs": "saddles/runs",
            "trajectories": "saddles/trajectories",
        },
        "saddles_kinds": {"runs": "saddles/runs"},
        "saddles_optimisers": {
            "optimisers": "saddles/optimisers",
            "toys": "saddles/toys",
        },
        "saddles_certified": {
            "critical_points": "spin_glass/critical_points",
            "search": "spin_glass/search",
            "complexity": "spin_glass/complexity",
        },
        "saddles_sampling": {"runs": "saddles/runs", "analytic": "saddles/analytic"},
    },
    "convexity": {
        "convexity_violations": {"trials": "convexity/trials"},
        "convexity_curves": {"curves": "convexity/curves"},
    },
    "symmetry": {
        "symmetry_minima": {
            "minima": "symmetry/minima",
            "barriers": "symmetry/barriers",
            "orbits": "symmetry/orbits",
            "tangents": "symmetry/tangents",
        },
    },
    "conditioning": {
        "conditioning_gradients": {"training": "conditioning/training"},
    },
    "traps": {
        "traps_minima": {"minima": "traps/minima", "basins": "traps/basins"},
        "traps_headings": {
            "cliff": "traps/cliff",
            "noise": "traps/noise",
            "training": "conditioning/training",
            "teacher": "minima/teacher",
        },
    },
    "optimizers": {
        "optimizers_basins": {
            "basins": "optimizers/basins",
            "critical_points": "optimizers/critical_points",
        },
        "optimizers_traps": {
            "runs": "optimizers/runs",
            "summary": "optimizers/summary",
        },
        "optimizers_surfaces": {"critical_points": "optimizers/critical_points"},
        "optimizers_widths": {
            "widths": "optimizers/widths",
            "summary": "optimizers/summary",
        },
    },
}
CATEGORIES = {
    "newton": "Exact Newton",
    "minima": "Minima by width",
    "spin_glass": "Spin glass",
    "saddles": "Saddle counts",
    "convexity": "Convexity",
    "symmetry": "Symmetries",
    "conditioning": "Conditioning",
    "traps": "Traps",
    "optimizers": "Optimisers and traps",
}

for EXPERIMENT, MODULES in FIGURES.items():
    for FIGURE, SOURCES in MODULES.items():

        rule:
            """Draw one figure from its tables."""
            name:
                f"figure_{FIGURE}"
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
