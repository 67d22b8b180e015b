/// What Compose says when it fails, in the words of whoever starts a lab.
struct ComposeComplaint: Sendable {
    /// The verb that failed.
    let verb: String
    /// What it wrote to standard error.
    let text: String

    var error: RuntimeError {
        if has("port is already allocated", "address already in use") {
            return RuntimeError(
                .portTaken,
                "somebody took a port of the lab while it was started: \(lastLines)",
                hint: "stop them, or start a lab beside them on free ports: `opslab up --instance NAME`"
            )
        }
        if has("No such image", "pull access denied", "manifest unknown") {
            return RuntimeError(.imageMissing, "an image is not there: \(lastLines)", hint: ComposeImage.making)
        }
        return RuntimeError(
            .componentFailed,
            "compose \(verb) failed: \(lastLines)",
            hint: "`opslab doctor --runtime compose` looks at engine, images and networks"
        )
    }

    private func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }

    /// The end of what it says tells what went wrong.
    private var lastLines: String { text.split(separator: "\n").suffix(4).joined(separator: "\n    ") }
}
