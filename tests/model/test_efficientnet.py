import torch

from diffava_foley.model.efficientnet import SHORT_SIDE, WIDTH, EfficientNetLite0


def test_a_frame_becomes_1280_features() -> None:
    module = EfficientNetLite0().eval()

    with torch.no_grad():
        features = module(torch.zeros(2, 3, SHORT_SIDE, SHORT_SIDE))

    assert features.shape == (2, WIDTH)


def test_the_network_has_the_released_weights_names_and_size() -> None:
    state = EfficientNetLite0().state_dict()

    # 4,652,008 of the released network, less its classifier of 1,281,000
    assert sum(p.numel() for p in EfficientNetLite0().parameters()) == 3_371_008
    assert state["_blocks.15._project_conv.weight"].shape == (320, 1152, 1, 1)
    assert "_blocks.0._expand_conv.weight" not in state


def test_odd_pictures_are_padded_as_tensorflow_does() -> None:
    module = EfficientNetLite0().eval()

    with torch.no_grad():
        assert module(torch.zeros(1, 3, 65, 97)).shape == (1, WIDTH)
