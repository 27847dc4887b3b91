"""A quantised ONNX network without the steps that round its activations to eight bits."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper, numpy_helper

ROUNDING = {"QuantizeLinear", "DequantizeLinear"}


def unrounded(archive: Path) -> bytes:
    """The classifier in a zip of an ONNX model, in floats and for any number of patches.

    The file keeps its weights as floats, and rounds them and every activation in steps of their
    own; those are left out. The outputs are the logits and, new, what goes into the last layer: the
    embedding. ValueError where the network is not such a classifier.
    """
    with TemporaryDirectory() as folder, zipfile.ZipFile(archive) as files:
        files.extractall(folder)
        models = sorted(Path(folder).rglob("*.onnx"))
        if len(models) != 1:
            raise ValueError(f"{len(models)} networks in {archive.name}, not one")
        try:
            graph = onnx.load(models[0]).graph
        except DecodeError as error:
            raise ValueError(f"{models[0].name} in {archive.name} is damaged") from error
    nodes = _without_rounding(graph)
    reshape, last = nodes[-2:]
    if (reshape.op_type, last.op_type) != ("Reshape", "Gemm"):
        raise ValueError(f"{archive.name} ends in {reshape.op_type} and {last.op_type}")
    used = {name for node in nodes for name in node.input}
    weights = {one.name: one for one in graph.initializer if one.name in used}
    classes, width = weights[last.input[1]].dims
    weights[reshape.input[1]] = numpy_helper.from_array(
        numpy_helper.to_array(weights[reshape.input[1]]) * 0 + (-1, width), reshape.input[1]
    )
    sides = [side.dim_value for side in graph.input[0].type.tensor_type.shape.dim]
    patches = _floats(graph.input[0].name, ("N", *sides[1:]))
    outputs = [_floats(last.output[0], ("N", classes)), _floats(last.input[0], ("N", width))]
    network = helper.make_graph(nodes, "unrounded", [patches], outputs, list(weights.values()))
    # IR 10 is what onnxruntime 1.17 reads; operators as the file has them.
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return bytes(model.SerializeToString())


def _without_rounding(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """The nodes that compute, each fed by the node before the rounding."""
    before = {node.output[0]: node.input[0] for node in graph.node if node.op_type in ROUNDING}
    nodes = [node for node in graph.node if node.op_type not in ROUNDING]
    for node in nodes:
        node.input[:] = [_origin(name, before) for name in node.input]
    return nodes


def _origin(name: str, before: dict[str, str]) -> str:
    while name in before:
        name = before[name]
    return name


def _floats(name: str, shape: tuple[str | int, ...]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
