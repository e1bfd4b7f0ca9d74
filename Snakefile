include: "workflow/Snakefile"


# A default target does not survive an include, so plain `snakemake` needs one here.
rule everything:
    """Every table, every figure and every verdict."""
    input:
        rules.all.input,
