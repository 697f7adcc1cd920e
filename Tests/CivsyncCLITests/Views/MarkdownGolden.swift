/// What `Sample.richPlan` looks like as markdown.
enum MarkdownGolden {
  static let rich = #"""
    ### civsync plan

    **Plan: 3 create, 1 adopt, 1 move, 2 repair, 1 replace, 1 remove, 1 release, 240 keep, 7 blocked, 1 needs your word · fetch 7.2 GB (151 MB already in the store) · needs 7.4 GB of 88 GB free · removing frees no disk · about 4 min**

    #### ⚠️ The site could not answer for everything

    - user `x`: timed out after 10 s

    What is known of these stays as it is.

    #### Remove 1 file

    - `embeddings/easynegative.safetensors` · `EasyNegative · v1` · no longer selected by the manifest

    #### Replace 1 file

    - `loras/d_v2.safetensors` instead of `loras/d_v1.safetensors` · `Delta · v2` · version v1 → v2 · 151 MB → 160 MB · **your changed file goes to** `.civsync/aside/`

    #### Release 1 file: yours again, and left in place

    - `vae/old.safetensors` · `Old VAE · v1` · no longer selected by the manifest

    #### Needs your word: 1 file replaced by the creator inside a version

    - `Swapped · v1` (`30@300+3000`): kept `111000000000`, offered `222000000000`

    The kept one stays. `replaced: take` in the manifest takes what is offered.

    #### Blocked, and you can change it: 1 entry

    - `Realistic · v6` (`20@200`): needs a login; run `civsync login`

    #### Blocked upstream: 2 entries

    - `Painter · v2` (`21@210`): early access until 2026-12-24
    - `Painter II · v2` (`22@220`): early access until 2026-12-24

    <details><summary>Still blocked: 4 entries</summary>

    - `Known one · v1` (`23@230`): the site gives no SHA256, so it cannot be verified
    - `` user `nobody` ``: gone from the site
    - `Known two · v1` (`24@240`): gone from the site
    - `Known three · v1` (`25@250`): the site's daily download limit is reached; try again tomorrow

    </details>

    #### Repair 2 files

    - `loras/b.safetensors` · `Beta · v1` · missing
    - `loras/c.safetensors` · `Gamma · v1` · size changed · **your changed file goes to** `.civsync/aside/`

    <details><summary>Move 1 file</summary>

    - `loras/new/a.safetensors` ← `loras/a.safetensors` · `Alpha · v1`

    </details>

    <details><summary>Adopt 1 file of yours with the wanted content</summary>

    - `vae/mine.safetensors` · `Sharp VAE · v1` · 151 MB

    </details>

    <details><summary>Create 3 files, 7.2 GB</summary>

    - `checkpoints/dreamshaperXL_v21TurboDPMSDE.safetensors` · `DreamShaper XL · v2.1 Turbo` · 6.9 GB
    - `loras/detail.safetensors` · `Detail · v1` · 151 MB
    - `loras/portrait.safetensors` · `Portrait · v1` · 151 MB, already in the store

    </details>

    <details><summary>Marked, with their files untouched: 3 entries</summary>

    - `Older · v1`: current → superseded
    - `Hidden · v1`: current → withdrawn
    - `Back · v1`: withdrawn → current

    </details>

    <details><summary>1 note</summary>

    - model 2 is now called `Detail Tweaker` upstream; it keeps the name `Detail` here

    </details>

    """#
}
