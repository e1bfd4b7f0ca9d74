"""Settings of the experiment on minima by width; start, length and schedule come from the paper and from its authors' code."""

from collections.abc import Iterator
from itertools import product
from typing import Annotated, Self

from pydantic import Field, model_validator

from stationary.config.base import FrozenSettings, check_jobs
from stationary.config.minima_condition import (
    ANNEALING_GROUP,
    AnnealingCondition,
    Dataset,
    MinimaCondition,
    Setting,
    Start,
    TeacherCondition,
    Widths,
)

__all__ = ["AnnealingCondition", "MinimaCondition", "MinimaSettings", "TeacherCondition"]


class TrainingSettings(FrozenSettings):
    """One named setting: how networks start, how long they train, how many there are."""

    start: Start = Field(
        "uniform_fan_in",
        description="uniform_fan_in: +-1/sqrt(fan_in), the authors' code; unit_cube: each parameter uniform on [-1, 1], the "
        "paper's words as we read them.",
    )
    epochs: int = Field(100, ge=1, le=100_000, description="Passes over the training data (>= 1).")
    widths: Widths = Field((25,), description="Hidden units n1, one ensemble per entry.")
    networks: int = Field(384, ge=2, le=100_000, description="Networks per width up to 100 (>= 2).")
    wide_networks: int = Field(
        384,
        ge=2,
        le=100_000,
        description="Networks per width above 100 (>= 2; below 368 not even none can show that fewer than 1 % are bad).",
    )


class MinimaSettings(FrozenSettings):
    """Many networks per width, trained by stochastic gradient descent with a decaying rate."""

    dataset: Dataset = Field(
        "digits",
        description="digits (embedded), digits_noise (its labels permuted), mnist, fashion_mnist. Published: mnist.",
    )
    path: str = Field(
        "",
        description="mnist, fashion_mnist: a .npz in Keras' layout, or a folder with the four IDX files; empty lets Keras "
        "download. digits: leave empty.",
    )
    side: int = Field(
        0,
        ge=0,
        le=28,
        description="Images are scaled to side x side pixels (2 to 28; 0 leaves them as they are). Published: 10.",
    )
    splits: int = Field(
        8,
        ge=1,
        le=1000,
        description="Random divisions of the data in halves for training and testing (>= 5 to be judged). mnist with 1 keeps "
        "its own test set.",
    )
    group: int = Field(
        16,
        ge=1,
        le=1024,
        description="Networks that share their minibatches' order (>= 1). It biases the variance: intervals cluster by it. "
        "Leave it if results are to stay what they are.",
    )
    block: int = Field(
        384,
        ge=1,
        le=1_000_000,
        description="Networks per job, rounded down to whole groups. Results do not depend on it; lower it to spread a "
        "width over a cluster.",
    )
    batch_size: int = Field(10, ge=1, le=100_000, description="Samples per step (1, 10, 100). The authors' is 1.")
    learning_rate: float = Field(0.1, gt=0, description="Rate at the start: eta_0 / (1 + epoch / decay_epochs).")
    decay_epochs: float = Field(10.0, gt=0, description="Epochs after which the rate has halved. The authors' is 1.")
    authors_code: TrainingSettings = Field(
        TrainingSettings(epochs=50, widths=(2, 5, 10, 25, 50, 100, 250, 500)),
        description="Start and length of the authors' code; the claims about width are judged on it.",
    )
    paper: TrainingSettings = Field(
        TrainingSettings(start="unit_cube", epochs=100, widths=(5, 25, 100), networks=128, wide_networks=16),
        description="Start and length as the paper states them: twice as long, from the unit cube.",
    )
    control: TrainingSettings = Field(
        TrainingSettings(epochs=50, widths=(25,), networks=64, wide_networks=16),
        description="Every network with a minibatch order of its own (group 1), to see what sharing does.",
    )
    tanh_l2: TrainingSettings = Field(
        TrainingSettings(epochs=100, widths=(5, 10), networks=24, wide_networks=16),
        description="The smooth twin, trained with l2 and polished to critical points.",
    )
    l2: float = Field(
        1e-4, ge=0, lt=1, description="Weight decay of the smooth twin (>= 0); 0 leaves it without critical points."
    )
    spectra_widths: Widths = Field(
        (10, 25, 50, 100), description="Widths whose Hessian spectra are computed; published: 10, 25, 50, 100."
    )
    spectra_networks: tuple[Annotated[int, Field(ge=1, le=10_000)], ...] = Field(
        (32, 16, 8, 4), description="Networks at each of these widths (>= 1), as many entries. P^3 work each."
    )
    annealing_widths: Widths = Field((2, 3, 5, 10, 15, 25), description="Widths at which annealing is compared with descent.")
    annealing_networks: int = Field(32, ge=2, le=10_000, description="Networks per such width (>= 2).")
    annealing_steps: int = Field(
        1_000,
        ge=3,
        le=100_000_000,
        description="Proposals per network (>= 3); descent gets half as many epochs, the same cost. Judged: 70000.",
    )
    annealing_samples: int = Field(500, ge=2, le=60_000, description="Training samples of the comparison (>= 2).")
    student_widths: Widths = Field((2, 4, 8, 16), description="Student widths of the problems with zero attainable loss.")
    teacher_widths: Widths = Field((2, 8), description="The teachers' widths; students at least as wide can reach zero.")
    teacher_problems: int = Field(8, ge=1, le=1000, description="Teachers of each width (>= 1).")
    teacher_starts: int = Field(16, ge=2, le=10_000, description="Students per teacher and width (>= 2).")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if len(self.spectra_networks) != len(self.spectra_widths):
            raise ValueError("spectra_networks needs one number per entry of spectra_widths. Make both lists equally long.")
        for width in self.spectra_widths:
            if width not in self.authors_code.widths:
                raise ValueError(
                    f"spectra_widths names {width}, which authors_code.widths does not train. Take it from one list."
                )
        shared = ((self.authors_code, self.group), (self.paper, self.group), (self.tanh_l2, self.group), (self.control, 1))
        jobs = sum(
            len(these.widths) * -(-max(these.networks, these.wide_networks) // (group * max(1, self.block // group)))
            for these, group in shared
        )
        check_jobs(jobs, "Raise block, or train fewer networks.")
        check_jobs(len(self.teacher_widths) * len(self.student_widths), "Shorten teacher_widths or student_widths.")
        if self.side == 1:
            raise ValueError("side = 1 leaves one pixel. Use 0 for the images as they are, or 2 to 28.")
        return self

    def conditions(self, seed: int) -> dict[str, MinimaCondition]:
        """Every condition to train, by name, e.g. ``digits-authors_code-25``; names are safe in paths."""
        return {condition.name: condition for condition in self._conditions(seed)}

    def annealing_conditions(self, seed: int) -> dict[str, AnnealingCondition]:
        """The widths at which annealing is compared with descent, e.g. ``digits-annealing-25``."""
        conditions = (
            AnnealingCondition(
                name=f"{self.dataset}-annealing-{width}",
                dataset=self.dataset,
                path=self.path,
                side=self.side,
                setting="annealing",
                activation="relu",
                start="uniform_fan_in",
                l2=0.0,
                width=width,
                networks=self.annealing_networks,
                group=min(self.group, ANNEALING_GROUP),
                splits=self.splits,
                batch_size=self.batch_size,
                epochs=self.annealing_steps,
                learning_rate=self.learning_rate,
                decay_epochs=self.decay_epochs,
                kept_points=0,
                seed=seed,
                samples=self.annealing_samples,
            )
            for width in self.annealing_widths
        )
        return {condition.name: condition for condition in conditions}

    def teacher_conditions(self, seed: int) -> dict[str, TeacherCondition]:
        """Every pair of a teacher's and a student's width, e.g. ``teacher-8-student-16``."""
        pairs = product(self.teacher_widths, self.student_widths)
        conditions = (
            TeacherCondition(
                name=f"teacher-{teacher}-student-{student}",
                width=student,
                teacher_width=teacher,
                problems=self.teacher_problems,
                starts=self.teacher_starts,
                seed=seed,
            )
            for teacher, student in pairs
        )
        return {condition.name: condition for condition in conditions}

    def _conditions(self, seed: int) -> Iterator[MinimaCondition]:
        named: dict[Setting, TrainingSettings] = {
            "authors_code": self.authors_code,
            "paper": self.paper,
            "control": self.control,
            "tanh_l2": self.tanh_l2,
        }
        for setting, training in named.items():
            smooth = setting == "tanh_l2"
            for width in training.widths:
                networks = training.networks if width <= 100 else training.wide_networks
                kept = networks if smooth else 0
                if setting == "authors_code" and width in self.spectra_widths:
                    kept = self.spectra_networks[self.spectra_widths.index(width)]
                yield MinimaCondition(
                    name=f"{self.dataset}-{setting}-{width}",
                    dataset=self.dataset,
                    path=self.path,
                    side=self.side,
                    setting=setting,
                    activation="tanh" if smooth else "relu",
                    start=training.start,
                    l2=self.l2 if smooth else 0.0,
                    width=width,
                    networks=networks,
                    group=1 if setting == "control" else self.group,
                    splits=self.splits,
                    batch_size=self.batch_size,
                    epochs=training.epochs,
                    learning_rate=self.learning_rate,
                    decay_epochs=self.decay_epochs,
                    kept_points=kept,
                    seed=seed,
                )
