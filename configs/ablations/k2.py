# Table V: K = 2
_base_ = '../tmad_places.py'

model = dict(retriever=dict(top_k=2), psnet=dict(num_textures=2))
