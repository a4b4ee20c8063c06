# Table V: W-Sum, the memory's soft average
_base_ = '../tmad_places.py'

model = dict(
    retriever=dict(mode='weighted_sum'), psnet=dict(num_textures=1))
