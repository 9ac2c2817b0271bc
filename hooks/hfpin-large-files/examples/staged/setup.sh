git init --quiet
mkdir checkpoints
{ printf 'GGUF\3\0\0\0'; head -c 12000000 /dev/zero; } > checkpoints/llama
git add .
rm -r checkpoints
