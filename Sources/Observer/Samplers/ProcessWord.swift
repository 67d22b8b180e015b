/// The word for the letter that `/proc` gives a process.
enum ProcessWord {
    static func of(_ state: Character) -> String {
        switch state {
        case "T", "t": "stopped"
        case "Z": "zombie"
        case "X", "x": "absent"
        default: "running"
        }
    }
}
