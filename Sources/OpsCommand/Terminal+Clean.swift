extension Terminal {
    /// Makes foreign text safe to print: what would move the cursor, set a title, or turn the reading direction is shown
    /// instead of carried out.
    ///
    /// Control characters become their pictures (`␛`), others their code point (`⟨202E⟩`). Tabs and line feeds become a
    /// space, unless `keepingLines` is set; then line feeds stay.
    public static func clean(_ text: String, keepingLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n", keepingLines {
                result.unicodeScalars.append(scalar)
            } else if scalar == "\n" || scalar == "\t" {
                result += " "
            } else if isUnsafe(scalar) {
                result += picture(of: scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true  // C0, DEL, C1 (an eight-bit CSI is one of them)
        case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069: true  // bidi controls, invisible marks
        case 0x2028, 0x2029, 0xFEFF, 0xFFF9...0xFFFB: true  // separators, byte order mark, annotations
        case 0xE0000...0xE007F: true  // tags: invisible text
        default: false
        }
    }

    private static func picture(of scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? "?"
        case 0x7F: "\u{2421}"
        default: "⟨" + String(scalar.value, radix: 16, uppercase: true) + "⟩"
        }
    }
}
