include: "workflow/Snakefile"


# A default target does not survive an include, so plain `snakemake` needs one here.
rule everything:
    """Every table, every figure, every verdict and the page that shows them."""
    input:
        rules.all.input,
