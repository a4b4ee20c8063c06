# T-MAD for rectangular holes. Where the numbers come from, and whether they
# are the paper's, derived from it or chosen: docs/paper_to_code.md.
_preprocessor = dict(
    type='TMADDataPreprocessor',
    mean=[127.5],
    std=[127.5],
    output_channel_order='RGB')

model = dict(
    type='TMADInpaintor',
    data_preprocessor=_preprocessor,
    coarse=dict(
        type='OneStageInpaintor',
        data_preprocessor=_preprocessor,
        encdec=dict(
            type='TMADCoarseNet',
            widths=(32, 64, 96, 96),  # derived; Table I: 3 down, 3 up
            dilations=(1, 2, 4, 8, 1, 2, 4, 8))),  # Table I: 8; chosen
    retriever=dict(
        type='TextureMemoryRetriever',
        patch_size=32,  # s, derived
        stride=16,  # s/2, chosen
        memory_size=100,  # M, paper
        top_k=4,  # K, derived
        temperature=1.,  # tau, chosen
        embed_channels=32),  # chosen
    psnet=dict(
        type='PSNet',
        num_textures=4,  # K
        widths=(32, 64, 96),  # derived; Table I: 2 down
        up_widths=(64, 32, 32),  # derived; Table I: 3 up
        num_res_blocks=5,  # Table I
        num_texture_res_blocks=2),  # Table I
    # what only training needs
    training=dict(
        # chosen: 32 -> 16 -> 8 -> 4 -> 2, then one logit for the patch
        patch_disc=dict(
            type='MultiLayerDiscriminator',
            in_channels=3,
            max_channels=256,
            num_convs=4,
            kernel_size=3,
            fc_in_channels=256 * 2 * 2,
            fc_out_channels=1,
            act_cfg=dict(type='LeakyReLU', negative_slope=0.2),
            out_act_cfg=None,
            with_spectral_norm=True),
        # chosen: DeepFillv2's kind, with 4 strided convs for its 6, without
        # the mask, with a logit per patch
        image_disc=dict(
            type='MultiLayerDiscriminator',
            in_channels=3,
            max_channels=256,
            num_convs=4,
            act_cfg=dict(type='LeakyReLU', negative_slope=0.2),
            with_out_convs=True,
            with_spectral_norm=True),
        # Eq. (1), derived from Table II
        loss_coarse_hole=dict(type='L1Loss', loss_weight=6.),
        loss_coarse_valid=dict(type='L1Loss', loss_weight=1.),
        # Eq. (8), derived from Table II
        loss_patch_l1=dict(type='L1Loss', loss_weight=1.),
        loss_patch_percep=dict(
            type='PerceptualLoss',
            # VGG-19's conv 5, 9 and 15 before ReLU, paper
            layer_weights={
                '10': 1.,
                '19': 1.,
                '32': 1.
            },
            perceptual_weight=0.05,
            style_weight=0),
        loss_patch_dist=dict(type='PatchDistributionLoss', loss_weight=0.02),
        # Eq. (9), derived from Table II
        loss_blending=dict(
            type='BlendingLoss',
            tv=dict(type='MaskedTVLoss', loss_weight=0.02),
            gan=dict(type='GANLoss', gan_type='vanilla', loss_weight=0.02))),
    train_cfg=dict(pretrain_iters=0, patches_per_image=25, seed=0),
    test_cfg=dict(seed=0))
