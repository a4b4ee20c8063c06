# Table V: K = 1
_base_ = '../tmad_places.py'

model = dict(retriever=dict(top_k=1), psnet=dict(num_textures=1))
