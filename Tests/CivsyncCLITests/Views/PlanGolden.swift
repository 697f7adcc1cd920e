/// What `Sample.richPlan` looks like.
enum PlanGolden {
  static let wide = """
    Notes
      · model 2 is now called `Detail Tweaker` upstream; it keeps the name `Detail` here

    Create 3 files, 7.2 GB
      checkpoints/
        + dreamshaperXL_v21TurboDPMSDE.safetensors  6.9 GB  DreamShaper XL · v2.1 Turbo
      loras/
        + detail.safetensors                        151 MB  Detail · v1
        + portrait.safetensors                      151 MB  (in store) Portrait · v1

    Adopt 1 file of yours with the wanted content
      = vae/mine.safetensors  151 MB  Sharp VAE · v1

    Move 1 file
      > loras/a.safetensors → loras/new/a.safetensors

    Repair 2 files
      ! loras/b.safetensors  missing
      ! loras/c.safetensors
        Gamma · v1; size changed
        your changed file goes to .civsync/aside/

    Marked, with their files untouched
      1 selected again: Back · v1
      1 superseded by a newer version: Older · v1
      1 withdrawn upstream: Hidden · v1

    Warning: the site could not answer for everything
      ! user `x`: timed out after 10 s
      What is known of these stays as it is.

    Needs your word: 1 file replaced by the creator inside a version
      ? Swapped · v1 (30@300+3000)
        kept    111000000000
        offered 222000000000
      Kept until you `civsync accept` what is offered, or set `replaced: take`.

    Still blocked: 4 entries
      1 over the site's quota, 2 gone, 1 no digest

    Blocked, and you can change it: 1 entry
      needs a login; run `civsync login`
        x Realistic · v6 (20@200)

    Blocked upstream: 2 entries
      early access until 2026-12-24
        x Painter · v2 (21@210)
        x Painter II · v2 (22@220)

    Release 1 file: yours again, and left in place
      < vae/old.safetensors
        Old VAE · v1; no longer selected by the manifest

    Replace 1 file
      ~ loras/d_v2.safetensors
        instead of loras/d_v1.safetensors
        Delta · v2; version v1 → v2; 151 MB → 160 MB
        your changed file goes to .civsync/aside/

    Remove 1 file
      - embeddings/easynegative.safetensors
        EasyNegative · v1; no longer selected by the manifest

    Plan: 3 create, 1 adopt, 1 move, 2 repair, 1 replace, 1 remove, 1 release, 240 keep, 7 blocked,
      1 needs your word
      fetch 7.2 GB (151 MB already in the store)
      needs 7.4 GB of 88 GB free
      removing frees no disk

    """

  static let narrow = """
    Notes
      · model 2 is now called `Detail
        Tweaker` upstream; it keeps the name
        `Detail` here

    Create 3 files, 7.2 GB
      checkpoints/
        + dreamshaperXL….safetensors  6.9 GB
      loras/
        + detail.safetensors          151 MB
        + portrait.safetensors        151 MB

    Adopt 1 file of yours with the wanted
    content
      = vae/mine.safetensors  151 MB

    Move 1 file
      > loras/a.safetensors
        → loras/new/a.safetensors

    Repair 2 files
      ! loras/b.safetensors  missing
      ! loras/c.safetensors
        Gamma · v1; size changed
        your changed file goes to
        .civsync/aside/

    Marked, with their files untouched
      1 selected again: Back · v1
      1 superseded by a newer version:
        Older · v1
      1 withdrawn upstream: Hidden · v1

    Warning: the site could not answer for
    everything
      ! user `x`: timed out after 10 s
      What is known of these stays as it is.

    Needs your word: 1 file replaced by the
    creator inside a version
      ? Swapped · v1 (30@300+3000)
        kept    111000000000
        offered 222000000000
      Kept until you `civsync accept` what
      is offered, or set `replaced: take`.

    Still blocked: 4 entries
      1 over the site's quota, 2 gone, 1 no
      digest

    Blocked, and you can change it: 1 entry
      needs a login; run `civsync login`
        x Realistic · v6 (20@200)

    Blocked upstream: 2 entries
      early access until 2026-12-24
        x Painter · v2 (21@210)
        x Painter II · v2 (22@220)

    Release 1 file: yours again, and left in
    place
      < vae/old.safetensors
        Old VAE · v1; no longer selected by
        the manifest

    Replace 1 file
      ~ loras/d_v2.safetensors
        instead of loras/d_v1.safetensors
        Delta · v2; version v1 → v2; 151 MB
        → 160 MB
        your changed file goes to
        .civsync/aside/

    Remove 1 file
      - embeddings/easynegative.safetensors
        EasyNegative · v1; no longer
        selected by the manifest

    Plan: 3 create, 1 adopt, 1 move,
      2 repair, 1 replace, 1 remove,
      1 release, 240 keep, 7 blocked,
      1 needs your word
      fetch 7.2 GB (151 MB already in the
      store)
      needs 7.4 GB of 88 GB free
      removing frees no disk

    """

  /// Of the replacement alone.
  static let json = #"""
    {"version":1,"hasChanges":true,"actions":[{"kind":"replace","place":{"tree":"main",\#
    "path":"loras/d_v2.safetensors"},"from":{"tree":"main","path":"loras/d_v1.safetensors"},\#
    "entry":{"model":8,"version":80,"file":800,"modelName":"Delta","versionName":"v2",\#
    "fileName":"Delta.safetensors","modelType":"LORA","baseModel":"SDXL 1.0",\#
    "creator":"some_creator",\#
    "sha256":"def0000000000000000000000000000000000000000000000000000000000000",\#
    "bytes":160000000,"collections":["base"],"state":"current","origin":"fetched","protected":false},\#
    "former":{"model":8,"version":80,"file":800,"modelName":"Delta","versionName":"v1",\#
    "fileName":"Delta.safetensors","modelType":"LORA","baseModel":"SDXL 1.0",\#
    "creator":"some_creator",\#
    "sha256":"abc0000000000000000000000000000000000000000000000000000000000000",\#
    "bytes":151000000,"collections":["base"],"state":"current","origin":"fetched","protected":false},\#
    "source":"network","aside":true,"requires":null,"reason":"version v1 → v2"}],\#
    "companions":[],"blocked":[{"model":21,"version":210,"file":2100,"title":"Painter · v2","code":"gated",\#
    "by":"upstream","text":"early access until 2026-12-24","until":"2026-12-24T00:00:00Z",\#
    "place":null,"collections":["base"]},{"model":null,"version":null,"file":null,\#
    "title":"user `nobody`","code":"gone","by":"upstream","text":"gone from the site",\#
    "until":null,"place":null,"collections":[]},{"model":5,"version":50,"file":500,\#
    "title":"In the way · v1","code":"file-in-the-way","by":"us",\#
    "text":"a file that civsync did not place is in the way at `vae/x.pt`; move it or set `place:`",\#
    "until":null,"place":{"tree":"main","path":"vae/x.pt"},"collections":["base"]}],\#
    "replaced":[{"model":30,"version":300,"file":3000,"title":"Swapped · v1",\#
    "kept":"1110000000000000000000000000000000000000000000000000000000000000",\#
    "offered":"2220000000000000000000000000000000000000000000000000000000000000"}],\#
    "marks":[{"model":40,"version":400,"file":4000,\#
    "sha256":"abc0000000000000000000000000000000000000000000000000000000000000",\#
    "title":"Older · v1","was":"current","state":"superseded"}],"notes":[{"code":"renamed",\#
    "model":2,\#
    "text":"model 2 is now called `Detail Tweaker` upstream; it keeps the name `Detail` here"}],\#
    "unanswered":[{"selector":"user `x`","reason":"timed out after 10 s"}],\#
    "manifests":[],"catalogue":null,"summary":{"create":0,"adopt":0,"move":0,"repair":0,"replace":1,"remove":0,"release":0,\#
    "companions":0,"keep":240,"blocked":3,"blockedByUs":1,"needYourWord":1,"fetchBytes":7249000000,\#
    "inStoreBytes":151000000,"neededBytes":7400000000,"freeBytes":88000000000,"fits":true,\#
    "estimatedSeconds":null}}

    """#
}
