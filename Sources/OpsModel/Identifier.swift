/// Makes names that nobody can guess and that say nothing about what they name.
public enum Identifier {
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")

    /// A random name of so many letters and digits (5 bits each), after an optional prefix and a hyphen.
    public static func random(prefix: String = "", length: Int = 16) -> String {
        var generator = SystemRandomNumberGenerator()
        return random(prefix: prefix, length: length, using: &generator)
    }

    /// The same from a given source of chance, so that one seed gives one name.
    public static func random(prefix: String, length: Int, using generator: inout some RandomNumberGenerator) -> String
    {
        let letters = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
        return prefix.isEmpty ? String(letters) : "\(prefix)-\(String(letters))"
    }
}
