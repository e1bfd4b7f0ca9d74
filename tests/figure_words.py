"""What a figure says, and whether it can be laid out."""

from matplotlib.text import Text


def words(figure):
    """Every text of a figure that has been laid out, ticks included."""
    figure.draw_without_rendering()
    return " ".join(text.get_text() for text in figure.findobj(Text))


def check_panels(figure, panels, expected):
    """So many visible panels, and these words somewhere."""
    said = words(figure)
    assert len([axes for axes in figure.get_axes() if axes.axison]) == panels
    assert [word for word in expected if word not in said] == []
