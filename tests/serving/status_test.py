"""What went wrong in a graph, told without the graph."""

import grpc
import pytest

from serving.server import status


class _OpError(Exception):
    error_code = 3

    def __init__(self, message):
        super().__init__()
        self.message = message


@pytest.mark.parametrize(
    "message",
    [
        "too large\n\t [[{{node map/while/Assert}}]] [Op:__inference_8]",
        "{{function_node __inference_<lambda>_5}} too large\n"
        "\t [[{{function_node map_while_false_3_80}}{{node map/Assert}}]]",
        "Detected at node 'a' defined at (most recent call last):\n"
        "<stack traces unavailable>\ntoo large\n\t [[{{node a}}]]",
    ],
)
def test_nodes_are_left_out(message):
    error = status.as_status_error(_OpError(message))
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert str(error) == "too large"
