"""The part of SentencePiece's model file that export needs, as protobuf messages.

The module that SentencePiece ships for this wants a newer protobuf than Beam allows. Fields that are not named here are
kept as they are when a message is written again.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

NORMAL = 1
"""ModelProto.SentencePiece.Type of an ordinary piece; the others are unknown, control, user-defined, unused and byte."""

_FIELD = descriptor_pb2.FieldDescriptorProto


def _field(name: str, number: int, kind: int, *, label: int = _FIELD.LABEL_OPTIONAL, message: str = "") -> Any:
    return _FIELD(name=name, number=number, type=kind, label=label, type_name=message or None)


def _model() -> Any:
    piece = descriptor_pb2.DescriptorProto(
        name="SentencePiece",
        field=[
            _field("piece", 1, _FIELD.TYPE_STRING),
            _field("score", 2, _FIELD.TYPE_FLOAT),
            descriptor_pb2.FieldDescriptorProto(
                name="type", number=3, type=_FIELD.TYPE_INT32, label=_FIELD.LABEL_OPTIONAL, default_value=str(NORMAL)
            ),
        ],
    )
    trainer = descriptor_pb2.DescriptorProto(name="TrainerSpec", field=[_field("model_type", 3, _FIELD.TYPE_INT32)])
    model = descriptor_pb2.DescriptorProto(
        name="ModelProto",
        field=[
            _field("pieces", 1, _FIELD.TYPE_MESSAGE, label=_FIELD.LABEL_REPEATED, message=".altedic.SentencePiece"),
            _field("trainer_spec", 2, _FIELD.TYPE_MESSAGE, message=".altedic.TrainerSpec"),
        ],
    )
    file = descriptor_pb2.FileDescriptorProto(
        name="altedic_sentencepiece.proto", package="altedic", syntax="proto2", message_type=[piece, trainer, model]
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("altedic.ModelProto"))


ModelProto: Any = _model()
