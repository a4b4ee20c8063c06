# Table V: K = 8
_base_ = '../tmad_places.py'

model = dict(retriever=dict(top_k=8), psnet=dict(num_textures=8))
