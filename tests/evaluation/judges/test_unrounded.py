import zipfile

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from diffava_foley.evaluation.judges import unrounded  # noqa: E402

CHANNELS, CLASSES = 4, 3


@pytest.fixture
def weights():
    draw = np.random.default_rng(0)
    return {
        "kernel": draw.normal(size=(CHANNELS, 1, 3, 3)).astype(np.float32),
        "matrix": draw.normal(size=(CLASSES, CHANNELS)).astype(np.float32),
    }


@pytest.fixture
def archive(weights, tmp_path):
    """A classifier that rounds its input, its activations and its logits to eight bits."""
    steps = {"scale": np.float32(0.5), "zero": np.uint8(128), "shape": np.array([1, -1])}
    nodes = [
        helper.make_node("DequantizeLinear", ["audio", "scale", "zero"], ["heard"]),
        helper.make_node("Conv", ["heard", "kernel"], ["maps"]),
        helper.make_node("Relu", ["maps"], ["active"]),
        helper.make_node("QuantizeLinear", ["active", "scale", "zero"], ["active_q"]),
        helper.make_node("DequantizeLinear", ["active_q", "scale", "zero"], ["active_qdq"]),
        helper.make_node("GlobalAveragePool", ["active_qdq"], ["mean"]),
        helper.make_node("Reshape", ["mean", "shape"], ["flat"]),
        helper.make_node("Gemm", ["flat", "matrix"], ["scores"], transB=1),
        helper.make_node("QuantizeLinear", ["scores", "scale", "zero"], ["scores_q"]),
    ]
    graph = helper.make_graph(
        nodes,
        "rounded",
        [helper.make_tensor_value_info("audio", TensorProto.UINT8, (1, 1, 8, 8))],
        [helper.make_tensor_value_info("scores_q", TensorProto.UINT8, (1, CLASSES))],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in (weights | steps).items()],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)]),
        tmp_path / "model.onnx",
        save_as_external_data=True,
        location="model.data",
        size_threshold=0,
    )
    path = tmp_path / "rounded.onnx.zip"
    with zipfile.ZipFile(path, "w") as files:
        files.write(tmp_path / "model.onnx", "job/model.onnx")
        files.write(tmp_path / "model.data", "job/model.data")
    return path


def test_what_is_left_computes_in_floats_for_any_number_of_patches(archive, weights):
    patches = np.random.default_rng(1).normal(size=(5, 1, 8, 8)).astype(np.float32)

    session = onnxruntime.InferenceSession(unrounded.unrounded(archive))
    logits, embeddings = session.run(None, {"audio": patches})

    windows = np.lib.stride_tricks.sliding_window_view(patches[:, 0], (3, 3), axis=(1, 2))
    maps = np.einsum("bhwij,cij->bchw", windows, weights["kernel"][:, 0])
    expected = np.maximum(maps, 0).mean(axis=(2, 3))
    assert np.allclose(embeddings, expected, atol=1e-5)
    assert np.allclose(logits, expected @ weights["matrix"].T, atol=1e-5)


def test_nothing_that_rounds_is_left(archive):
    graph = onnx.load_from_string(unrounded.unrounded(archive)).graph

    assert [node.op_type for node in graph.node] == [
        "Conv",
        "Relu",
        "GlobalAveragePool",
        "Reshape",
        "Gemm",
    ]
    assert {tensor.name for tensor in graph.initializer} == {"kernel", "matrix", "shape"}


def test_an_archive_without_a_network_is_refused(tmp_path):
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr("readme.txt", "nothing")

    with pytest.raises(ValueError, match=r"0 networks in empty\.zip"):
        unrounded.unrounded(path)
